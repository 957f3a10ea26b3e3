"""What a network demands beyond the standard: rule sets by the name that `--profile` takes."""

from collections.abc import Mapping

from tocsin.cap.finding import Rule
from tocsin.cap.profiles import australia, canada, google, ipaws

PROFILES: Mapping[str, tuple[Rule, ...]] = {
    "cap": (),
    "google": google.RULES,
    "ipaws": ipaws.RULES,
    "cap-au": australia.RULES,
    "cap-cp": canada.RULES,
}
