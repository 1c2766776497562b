"""Jobs: asked for inside the caller's transaction, done once by any process, taken up again when a worker dies.

`@job` names a handler, `@every` gives it a schedule, `enqueue` asks for it, a `Runner` or `drain` does it. Handlers are
idempotent: what they write is committed together with the job's end, but what they do outside may happen twice.
"""

from standards_hub.kernel.jobs.models import JobRow
from standards_hub.kernel.jobs.queue import asked, by_key, counts, enqueue, jobs, retry
from standards_hub.kernel.jobs.registry import every, job, tool
from standards_hub.kernel.jobs.running import Drained, Runner, drain
from standards_hub.kernel.jobs.schedules import tick

__all__ = ["Drained", "JobRow", "Runner", "asked", "by_key", "counts", "drain", "enqueue", "every", "job", "jobs", "retry", "tick", "tool"]
