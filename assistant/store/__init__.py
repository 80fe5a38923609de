"""Memory: turns, documents and what was learned, in SQLite (or another database by URL)."""

from assistant.store.erase import Forgotten
from assistant.store.items import Beta, Item, ItemState, Layer
from assistant.store.store import Store

__all__ = ["Beta", "Forgotten", "Item", "ItemState", "Layer", "Store"]
