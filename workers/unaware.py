"""Stories without serialization contexts: the SDK asks the sandbox for one at every payload, and our codec needs none."""

from typing import Any

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner


class Unaware(WorkflowRunner):
    """A runner whose stories are those of another, but for the question after a context, answered at once."""

    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner

    def prepare_workflow(self, defn: Any) -> None:
        """As the other does."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A story that knows no context."""
        instance = self._inner.create_instance(det)
        instance.get_serialization_context = _none  # type: ignore[method-assign,assignment]  # the codec is bound to the namespace alone
        return instance

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """As the other does."""
        self._inner.set_worker_level_failure_exception_types(types)


def _none(_command: object) -> None:
    return None
