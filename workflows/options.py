"""How stories run and how they call steps."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import ActivityCancellationType

STEP_TIME = timedelta(seconds=5)
PATIENT = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30)
)  # without end
RETRY_THRESHOLD = timedelta(seconds=1)  # a longer wait is an ordinary timer, so one failing step delays nobody else
ONCE = RetryPolicy(maximum_attempts=1)
LET_GO = ActivityCancellationType.TRY_CANCEL
RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "activities", "pydantic", "pydantic_core", "annotated_types"
    )
)
