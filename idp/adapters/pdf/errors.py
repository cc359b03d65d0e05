"""What can go wrong on the way to a PDF, as one error the callers know."""


class PdfError(Exception):
    """A document could not be made: it asks for something outside, nests too deeply, or the machine is not
    ready.

    The message is one English line for the log and the job's row; it never carries the document's text.
    """
