"""Erasing what somebody showed with a request for a dossier, once it is past its retention period or its draft is destroyed."""

from applications.models import Application
from takeovers.models import TakeoverProof


def erase_proof(proof: TakeoverProof) -> list[str]:
    """Erase a locked proof, within the act that destroys it; return the names of its stored files."""
    names = [proof.stored_as] if proof.stored_as else []
    proof.delete()
    return names


def erase_proofs_of(application: Application) -> list[str]:
    """Erase what was shown to get a draft, within the act that destroys the draft; return the names of stored files."""
    proofs = TakeoverProof.objects.filter(takeover__application=application).order_by("pk")
    return [name for each in proofs for name in erase_proof(each)]
