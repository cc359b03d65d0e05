"""Thai PDF documents: `render_pdf` for any of our pages, `forms` for the two printed forms."""

from idp.adapters.pdf.errors import PdfError
from idp.adapters.pdf.render import assert_ready, render_pdf, warm_up

__all__ = ["PdfError", "assert_ready", "render_pdf", "warm_up"]
