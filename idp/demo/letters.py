"""Writing the mails on the other core: folding Thai headers takes longer than all else about a mail."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from idp.adapters.mail import FolderMailer, Letter, build_message

MOST_WAITING = 200


def write_letters(folder: Path, letters: Sequence[Letter]) -> None:
    """Put the mails into the folder, as the embedded default does."""
    mailer = FolderMailer(folder)
    for letter in letters:
        mailer.begin(build_message(letter)).finish()


class LetterWriter:
    """Another process that writes mails into a folder. A mail that could not be written is an error of the
    whole building, raised by `finish` at the latest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        self._waiting: deque[Future[None]] = deque()

    def write(self, letters: Sequence[Letter]) -> None:
        self._waiting.append(self._pool.submit(write_letters, self.folder, letters))
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft().result()

    def finish(self) -> None:
        """Wait until every mail lies in the folder."""
        while self._waiting:
            self._waiting.popleft().result()
        self._pool.shutdown()
