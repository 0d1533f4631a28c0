"""Once a night it is asked whether anybody is blamed for who had died or left."""

from procrastinate.contrib.django import app

from gandeng.commitments.actions.anew import recommend_anew


@app.periodic(cron="33 19 * * *")
@app.task(name="gandeng.commitments_anew", queue="jobs", queueing_lock="gandeng.commitments_anew")
def recommend_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 02.33 WIB."""
    recommend_anew()
