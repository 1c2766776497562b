"""Identifiers of standards: read, printed in one form, compared. Chinese, ISO, IEC and ITU, plans and adoptions."""

from standards_hub.lifecycle.identifiers.dispatch import compose, parse
from standards_hub.lifecycle.identifiers.model import FAMILIES, Family, Identifier, IdentifierError
from standards_hub.lifecycle.identifiers.tables import industry_codes, plan_departments, regions

__all__ = ["FAMILIES", "Family", "Identifier", "IdentifierError", "compose", "industry_codes", "parse", "plan_departments", "regions"]
