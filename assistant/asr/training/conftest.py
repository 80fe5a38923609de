"""Without the extra `train-speech`, the modules that need PyTorch are not collected by pytest."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["network.py", "learn.py", "make.py", "__main__.py"]
