"""By what to recognise the danger, not told to those exposed: a decision by name that ends, and somebody is asked to end it."""

from datetime import datetime

from msgspec import Struct

from tocsin.core.window import write_instant
from tocsin.desk.act import Act, Outcome
from tocsin.desk.house import Role, Task
from tocsin.errors import PolicyError


class Withheld(Struct, frozen=True, kw_only=True):
    """Until when, and why, the marks are withheld (LESSONS L19). Who decides is who drafts: the log names them."""

    until: datetime
    reason: str

    @property
    def claims(self) -> Outcome:
        """What the log says of it; the reason stands beside it, to be shown or kept back."""
        return {"marks_withheld_until": write_instant(self.until)}


def check_withheld(withheld: Withheld | None, at: datetime, expires: datetime) -> None:
    """PolicyError unless it ends while the warning still counts."""
    if withheld is not None and not at < withheld.until <= expires:
        raise PolicyError(
            f"the marks are withheld until {write_instant(withheld.until)}, expected a time after "
            f"{write_instant(at)} and not after {write_instant(expires)}",
            hint="say until when at most nobody needs to know by what to recognise it",
        )


def ask_to_tell(act: Act, warning: str, withheld: Withheld) -> None:
    """A task for the officers: an end time alone reminds nobody."""
    act.tx.house.put_task(
        Task(
            id=f"T-{act.tx.cases.next_number('task')}",
            what=f"tell by what to recognise it: withheld until {write_instant(withheld.until)}",
            subject=warning,
            role=Role.OFFICER,
            opened=act.at,
        )
    )
