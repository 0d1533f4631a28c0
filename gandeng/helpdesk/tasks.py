"""Once an hour the worker looks for cases whose time is over."""

from procrastinate.contrib.django import app

from gandeng.helpdesk.actions.asking import escalate_due


@app.periodic(cron="11 * * * *")
@app.task(name="gandeng.escalate_cases", queue="jobs", queueing_lock="gandeng.escalate_cases")
def escalate_hourly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """A worker that was down escalates when it is back."""
    escalate_due()
