"""Once an hour the worker looks for files whose time is over."""

from procrastinate.contrib.django import app

from gandeng.exports.actions import sweep


@app.periodic(cron="37 * * * *")
@app.task(name="gandeng.sweep_exports", queue="jobs", queueing_lock="gandeng.sweep_exports")
def sweep_hourly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """Files live 24 hours; one that nobody swept is not handed out either (actions.fetching)."""
    sweep()
