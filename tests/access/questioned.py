"""Questions about the call of the world, with a word that only who asked and the office may read (rule 40)."""

from datetime import datetime

from call_questions.models import CallQuestion
from calls.models import Call
from hubportal.accounts.models import User
from tests.factories.asking_about import answered_alone, asked_about, drafted, published

# In everything that was asked, and in what is not public.
ASKED = "Kanarievraag"


def ask_about(call: Call, asker: User, officer: User, *, at: datetime) -> CallQuestion:
    """Let somebody ask three things: answered for everybody, answered to them alone, and still being written; return the last."""
    published(asked_about(call, f"Eerst {ASKED}", actor=asker, at=at), officer, at=at)
    answered_alone(asked_about(call, f"Dan {ASKED}", actor=asker, at=at), officer, f"Alleen {ASKED}", at=at)
    waiting = asked_about(call, f"Nog {ASKED}", actor=asker, at=at)
    drafted(waiting, officer, wording=f"Wordt {ASKED}", answer=f"Misschien {ASKED}", at=at)
    return waiting
