"""What the product kept out of a result, and what it counted by day."""

from upshot_cases.case import Analysis
from upshot_cases.engine import Answer, Engine, method


@method("exclusion_ledger")
def ledger(engine: Engine, analysis: Analysis) -> Answer:
    return engine.road.ledger(analysis)


@method("daily_counts")
def daily_counts(engine: Engine, analysis: Analysis) -> Answer:
    return engine.road.days(analysis)
