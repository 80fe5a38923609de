import pytest

from assistant.nlu import Understander
from tests.nlu.home import HOME


@pytest.fixture(scope="session")
def understander() -> Understander:
    loaded = Understander.load()
    loaded.learn_home(HOME)
    return loaded
