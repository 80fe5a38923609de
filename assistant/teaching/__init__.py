"""Teaching: what a person tells (names, phrases, values, tastes, rules) holds from the very next turn on."""

from assistant.teaching.after import LessonStage
from assistant.teaching.stages import TeachStage
from assistant.teaching.steering import SteerStage
from assistant.teaching.taught import Taught
from assistant.teaching.teacher import Teacher
from assistant.teaching.trial import Trier

__all__ = ["LessonStage", "SteerStage", "Taught", "TeachStage", "Teacher", "Trier"]
