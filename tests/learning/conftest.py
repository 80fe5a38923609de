"""What several tests of the learner share."""

from __future__ import annotations

import pytest

from assistant.nlu import Understander
from simulator.annotation.cases import cases
from simulator.annotation.logs import annotated, read_files, write_files
from simulator.people.population import load_population
from simulator.study.run import Plan


@pytest.fixture(scope="session")
def known(tmp_path_factory):
    """People of the test population, and what was the matter with their turns; by way of files, as learners get it."""
    folder = tmp_path_factory.mktemp("log")
    write_files(annotated(Plan(load_population("test"), 4, 3, 21)), folder)
    return cases(read_files(folder), Understander.load())
