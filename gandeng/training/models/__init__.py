"""Records of training: courses, events with their people, days, tests, and what came of them."""

from gandeng.training.models.after import Cost, Evaluation, EvaluationGiven, Problem, ProblemStep, Report, Result
from gandeng.training.models.courses import BatchPlan, Course
from gandeng.training.models.days import Attendance, EventDay
from gandeng.training.models.events import AgendaItem, Event, Material, Participant
from gandeng.training.models.tests import Paper, PaperQuestion, Question, Sitting

__all__ = [
    "AgendaItem", "Attendance", "BatchPlan", "Cost", "Course", "Evaluation", "EvaluationGiven", "Event", "EventDay",
    "Material", "Paper", "PaperQuestion", "Participant", "Problem", "ProblemStep", "Question", "Report", "Result",
    "Sitting",
]  # fmt: skip
