"""The benchmark command, and the documentation that must not drift from the program."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from assistant.cli import COMMANDS
from assistant.config import Settings
from assistant.nlu.reliability import wilson
from devices.kinds import KINDS
from simulator.benchmarks.__main__ import main
from simulator.benchmarks.figures import quantile, share, timing

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def _settings(section: type[BaseModel], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= _settings(kind, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = field.default
    return found


def test_every_setting_is_documented_with_its_default():
    rows = re.findall(r"^\| `([a-z_.]+)` \| (\S+) \|", (REFERENCE / "settings.md").read_text(encoding="utf-8"), re.M)
    documented = {name: default.strip("`") for name, default in rows}
    in_toml = {True: "true", False: "false", None: "none"}
    expected = {
        name: in_toml[value] if value is None or isinstance(value, bool) else str(value)
        for name, value in _settings(Settings).items()
    }
    assert documented == expected


def test_every_command_and_kind_is_documented():
    commands = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `mynah {name}" not in commands] == []
    kinds = (REFERENCE / "home.md").read_text(encoding="utf-8")
    assert [name for name in KINDS if f"`{name}`" not in kinds] == []


def test_quantiles_and_intervals():
    assert quantile([5.0, 1.0, 4.0, 2.0, 3.0], 0.5) == 3.0
    assert quantile(list(range(1, 101)), 0.99) == 99
    low, high = wilson(0, 10)
    assert low == 0.0
    assert high == pytest.approx(0.278, abs=0.001)
    assert share("s", "w", 10, 10).value == "10 of 10 (100.0%)"
    assert timing("s", "w", [0.001, 0.002, 0.003]).value == "2 ms"


def test_parts_as_json(capsys):
    assert main(["--only", "parts", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["circumstances"]) == {"cpu", "cores", "python", "date", "seed", "commit"}
    assert [figure["raw"]["unit"] for figure in told["figures"]] == ["µs", "ms", "ms"]


def test_a_broken_benchmark_is_one_line(tmp_path, capsys):
    (tmp_path / "ha-assist.jsonl").write_text("{", encoding="utf-8")
    assert main(["--only", "commands", "--data", str(tmp_path)]) == 2
    assert "ha-assist.jsonl:1" in capsys.readouterr().err
