"""Annotated sentences: from templates to whole requests with politeness, several commands, times, repairs and noise."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.home import Home
from assistant.nlu.fillers import Fillers
from assistant.nlu.templates import NothingToSayError, Piece, Template, read_yaml, sample, templates

_ACTS = ("home.", "timer.", "list.", "broadcast.")
_TIMED = frozenset({
    "home.turn_on", "home.turn_off", "home.open", "home.close", "home.lock", "home.unlock", "home.set", "home.start",
    "home.activate", "home.play", "home.pause",
})  # fmt: skip
_ELLIPTIC = frozenset({"home.turn_on", "home.turn_off", "home.open", "home.close", "home.lock"})
_TAKEN_BACK = {"VALUE": "pct", "COLOR": "color", "TIME": "dur"}
"""Tags of values that a person may take back -> what fills them."""
_JOINTS = ("and", "and", "and", "then", "and then", "", "", "", "", "and also", "also", "after that", "and please")


@dataclass(frozen=True, slots=True)
class Clause:
    """One command of a request: its class and its words."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A request: its clauses in the order spoken."""

    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        """The words, as a recogniser writes them."""
        return " ".join(piece.text for clause in self.clauses for piece in clause.pieces if piece.text)


class Generator:
    """Makes sentences for one home. `rich` adds politeness, times, repairs and several commands in a breath."""

    def __init__(self, home: Home, rng: random.Random, rich: bool = True) -> None:
        self.rng = rng
        self.rich = rich
        self.fill = Fillers(home, rng, open=rich)
        self.words = read_yaml("vocabulary.yaml")
        self.templates = templates()
        self._weights = balanced(self.templates)
        self._single = [template for template in self.templates if template.label.startswith(_ACTS)]
        self._single_weights = [template.weight for template in self._single]

    def sentences(self) -> Iterator[Sentence]:
        """Sentences without end, drawn so that every class is heard often enough."""
        while True:
            template = self.rng.choices(self.templates, self._weights)[0]
            try:
                yield self._sentence(template)
            except NothingToSayError:
                continue

    def of(self, template: Template) -> Clause:
        """One clause of a template. Raises `NothingToSayError`."""
        pieces = _without_double_articles(sample(template.node, self.fill, self.rng))
        if not pieces:
            raise NothingToSayError(template.label)
        return Clause(template.label, tuple(pieces))

    def _sentence(self, template: Template) -> Sentence:
        clause = self.of(template)
        if not self.rich:
            return Sentence((clause,))
        clause = self._varied(clause)
        draw = self.rng.random()
        if clause.label.startswith(_ACTS) and draw < 0.2:
            return self._several(clause)
        if (clause.label == "home.set" and draw < 0.27) or (clause.label in _ELLIPTIC and draw < 0.25):
            return Sentence((clause, self._elliptic(clause)))
        if clause.label == "dialogue.correct" and draw < 0.25:
            lead = self.rng.choice(("no", "no i said", "i said", "no no", "sorry", "no i meant", "i meant", "wait"))
            return Sentence((Clause("dialogue.correct", (Piece(lead),)), self._another()))
        return Sentence((clause,))

    def _varied(self, clause: Clause) -> Clause:
        if clause.label in _TIMED and self.rng.random() < 0.22:
            clause = self._timed(clause)
        if clause.label.startswith("home.") and self.rng.random() < 0.1:
            clause = self._repaired(clause)
        if clause.label.startswith("home.") and self.rng.random() < 0.1:
            clause = _place_first(clause)
        if clause.label.startswith((*_ACTS, "clock.", "weather.")) and self.rng.random() < 0.22:
            clause = self._polite(clause)
        return clause

    def _several(self, first: Clause) -> Sentence:
        """Two or three commands in a breath."""
        clauses = [first]
        for _ in range(self.rng.choice((1, 1, 2))):
            joint = self.rng.choice(_JOINTS)
            following = self._another()
            lead = (Piece(joint),) if joint else ()
            clauses.append(Clause(following.label, (*lead, *following.pieces)))
        return Sentence(tuple(clauses))

    def _another(self) -> Clause:
        while True:
            try:
                return self.of(self.rng.choices(self._single, self._single_weights)[0])
            except NothingToSayError:
                continue

    def _elliptic(self, first: Clause) -> Clause:
        """The second half of "set the kitchen to 20 and the bedroom to 50"."""
        values = [piece for piece in first.pieces if piece.tag in {"VALUE", "COLOR", "CTEMP", "MODE"}]
        target = self.fill("correction", "light" if self.rng.random() < 0.7 else "any")
        lead = Piece(self.rng.choice(("and the", "and", "and", "the")))
        tail = (
            (Piece(self.rng.choice(("to", "to", ""))), values[-1])
            if values
            else (Piece(self.rng.choice(("too", "as well"))),)
        )
        return Clause("dialogue.also", tuple(piece for piece in (lead, *target, *tail) if piece.text))

    def _timed(self, clause: Clause) -> Clause:
        lead, piece = self.rng.choice((
            ("in", self.fill("dur", "")), ("at", self.fill("clock", "")), ("for", self.fill("dur", "")),
            ("", self.fill("day", "")), ("after", self.fill("dur", "")), ("at", self.fill("clock", "")),
            (self.rng.choice(("when", "when", "if", "once", "as soon as")), self.fill("condition", "")),
            (self.rng.choice(("when", "if", "if")), self.fill("condition", "")),
            (self.rng.choice(("when", "if", "until", "unless", "after", "before")), self.fill("condition", "")),
            ("until", self.fill("clock", "")), ("", self.fill("repeat", "")), ("by", self.fill("clock", "")),
        ))  # fmt: skip
        when = [Piece(lead), *piece] if lead else list(piece)
        if lead == "at" and self.rng.random() < 0.2:
            when += self.fill("day", "")
        if lead == "in" and self.rng.random() < 0.15:
            when = [*piece, Piece("from now")]
        if self.rng.random() < 0.22 and lead not in {"for", "until"}:
            return Clause(clause.label, (*when, *clause.pieces))
        return Clause(clause.label, (*clause.pieces, *when))

    def _repaired(self, clause: Clause) -> Clause:
        """A false start: a wrong target taken back at once, or the whole beginning said again."""
        marker = self.rng.choice(self.words["repair_markers"])
        values = [i for i, piece in enumerate(clause.pieces) if piece.tag in _TAKEN_BACK]
        if values and self.rng.random() < 0.3:
            spot = values[-1]
            wrong = self.fill(_TAKEN_BACK[clause.pieces[spot].tag], "")[0].text
            wrong = wrong.split()[0] if self.rng.random() < 0.4 else wrong
            return Clause(
                clause.label, (*clause.pieces[:spot], Piece(f"{wrong} {marker}", "DROP"), *clause.pieces[spot:])
            )
        spots = [i for i, piece in enumerate(clause.pieces) if piece.tag in {"NAME", "AREA", "KIND"}]
        if not spots:
            return clause
        spot = spots[0]
        if self.rng.random() < 0.6:
            wrong = " ".join(piece.text for piece in self.fill("correction", "any"))
            again = self.rng.choice(("", "", " the"))
            dropped = Piece(f"{wrong} {marker}{again}", "DROP")
            return Clause(clause.label, (*clause.pieces[:spot], dropped, *clause.pieces[spot:]))
        begun = " ".join(piece.text for piece in self._another().pieces).split()
        dropped = Piece(f"{' '.join(begun[: self.rng.randint(2, 5)])} {marker}", "DROP")
        return Clause(clause.label, (dropped, *clause.pieces))

    def _polite(self, clause: Clause) -> Clause:
        pieces = list(clause.pieces)
        if self.rng.random() < 0.65:
            pieces.insert(0, Piece(self.rng.choice(self.words["politeness"]["before"])))
        if self.rng.random() < 0.5:
            pieces.append(Piece(self.rng.choice(self.words["politeness"]["after"])))
        return Clause(clause.label, tuple(pieces))


def _place_first(clause: Clause) -> Clause:
    """Say the place before all else: "in the kitchen turn on the fan"."""
    last = len(clause.pieces) - 1
    if last < 3 or clause.pieces[last].tag != "AREA" or not clause.pieces[last - 1].text.startswith("in"):
        return clause
    return Clause(clause.label, (*clause.pieces[last - 1 :], *clause.pieces[: last - 1]))


def _without_double_articles(pieces: Sequence[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        if kept and not kept[-1].tag and kept[-1].text == "the" and piece.text.startswith("the "):
            kept.pop()
        if piece.text:
            kept.append(piece)
    return kept


def balanced(every: Sequence[Template]) -> list[float]:
    """Weights by which large classes are drawn more often than small ones, but not in proportion."""
    sizes: dict[str, int] = {}
    for template in every:
        sizes[template.label] = sizes.get(template.label, 0) + template.weight
    boost = {"dialogue.yes": 12, "dialogue.no": 12, "dialogue.cancel": 14, "dialogue.undo": 10, "dialogue.repeat": 10,
             "dialogue.help": 10, "dialogue.thanks": 8, "dialogue.greet": 8, "dialogue.why": 6, "clock.query/time": 6,
             "clock.query/date": 6}  # fmt: skip
    wish = {label: boost.get(label, size) ** 0.75 for label, size in sizes.items()}
    return [template.weight * wish[template.label] / sizes[template.label] for template in every]
