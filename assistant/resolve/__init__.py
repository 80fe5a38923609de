"""Entity resolution: from the words of an intent to the devices of this home, with a printed cost."""

from assistant.resolve.resolver import Memory, Resolver
from assistant.resolve.stage import ResolveStage

__all__ = ["Memory", "ResolveStage", "Resolver"]
