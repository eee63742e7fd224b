"""The rows of the letters app."""

from letters.models.correction import Correction, CorrectionDraft
from letters.models.letter import Letter
from letters.models.letter_kind import LetterKind
from letters.models.letter_text import LetterText, LetterTextSection
from letters.models.post import PostRun, PrintedLetter
from letters.models.recipient import Recipient, ReturnedCopy

__all__ = [
    "Correction",
    "CorrectionDraft",
    "Letter",
    "LetterKind",
    "LetterText",
    "LetterTextSection",
    "PostRun",
    "PrintedLetter",
    "Recipient",
    "ReturnedCopy",
]
