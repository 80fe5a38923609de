"""Understanding: from the recogniser's hypotheses to intents with slots, and the words that nothing explains."""

from assistant.nlu.understander import Understander

__all__ = ["Understander"]
