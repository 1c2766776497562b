"""Public holidays and the working days that make up for them: data with a source, entered a year at a time.

The limits of the procedure are calendar days and are not moved by any of these (`kernel.clock`); they only make a hint where a limit
ends on a day on which nobody is at work.
"""

from standards_hub.kernel.holidays.models import Holiday
from standards_hub.kernel.holidays.service import DayOff, HolidayTable, day_off, days_off, enter, of_year, read_csv, years

__all__ = ["DayOff", "Holiday", "HolidayTable", "day_off", "days_off", "enter", "of_year", "read_csv", "years"]
