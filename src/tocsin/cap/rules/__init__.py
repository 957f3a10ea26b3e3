"""Every rule that speaks of one message, by section of the standard; which one a word of a fault list means stands in ../data."""

from tocsin.cap.finding import Rule
from tocsin.cap.rules import alert, area, info, resource, signature, texts, times

RULES: tuple[Rule, ...] = (
    *alert.RULES,
    *times.RULES,
    *info.RULES,
    *resource.RULES,
    *area.RULES,
    *signature.RULES,
    *texts.RULES,
)
