"""Stories without contexts of payloads: the SDK asks the sandbox for two at every payload, and our codec needs none."""

from typing import Any

from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner


class Unaware(WorkflowRunner):
    """A runner whose stories are those of another, but for the questions after a context, answered at once."""

    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner

    def prepare_workflow(self, defn: Any) -> None:
        """As the other does."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A story that knows no context."""
        instance = self._inner.create_instance(det)
        instance.get_serialization_context = _none  # type: ignore[method-assign,assignment]  # the codec is bound to the namespace alone
        instance.get_external_store_context = _nowhere  # type: ignore[method-assign,assignment]  # no payload is kept outside Temporal
        return instance

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """As the other does."""
        self._inner.set_worker_level_failure_exception_types(types)


_NOWHERE = StorageDriverStoreContext(target=None)


def _none(_command: object) -> None:
    return None


def _nowhere(_command: object) -> StorageDriverStoreContext:
    return _NOWHERE
