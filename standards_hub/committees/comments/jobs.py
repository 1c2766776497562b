"""The jobs of comments, named here so that every process knows them."""

from standards_hub.committees.comments.services.enquiring import restart_replaced
from standards_hub.committees.comments.services.importing import take

__all__ = ["restart_replaced", "take"]
