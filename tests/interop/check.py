"""What Python's icalendar reads in calendar objects, and what it holds against them.

    check.py FILE …      one line of JSON for each file, in the order of the arguments; fields as in check.c

Series are unrolled by dateutil in local time.
"""

import json
import sys
from datetime import datetime, timezone

from dateutil.rrule import rrulestr
from icalendar import Calendar


def instant(value):
    if value is None:
        return None
    value = value.dt
    if not isinstance(value, datetime):
        return value.strftime("%Y%m%d")
    return "floating" if value.tzinfo is None else int(value.timestamp())


def text(value):
    return None if value is None else str(value)


def address(value):
    return None if value is None else str(value).removeprefix("mailto:")


def starts(event):
    if "RRULE" not in event:
        return []
    first = event["DTSTART"].dt
    zone = first.tzinfo
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=first.replace(tzinfo=None))
    without = event.get("EXDATE", [])
    without = without if isinstance(without, list) else [without]
    out = {int(d.dt.timestamp()) for dates in without for d in dates.dts}
    found = [int(at.replace(tzinfo=zone).timestamp()) for at in rule]
    return [at for at in found if at not in out]


def event_json(event):
    people = {}
    for name in ("organizer", "attendee"):
        value = event.get(name)
        value = value[0] if isinstance(value, list) else value
        people[name] = address(value)
        people[name + "_cn"] = text(value.params.get("CN")) if value is not None else None
    attendees = event.get("attendee", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    conference = event.get("conference")
    return people | {
        "uid": text(event.get("uid")),
        "sequence": int(event["sequence"]) if "sequence" in event else None,
        "dtstamp": instant(event.get("dtstamp")),
        "start": instant(event.get("dtstart")),
        "end": instant(event.get("dtend")),
        "recurrence_id": instant(event.get("recurrence-id")),
        "summary": text(event.get("summary")),
        "description": text(event.get("description")),
        "location": text(event.get("location")),
        "conference": text(conference),
        "partstat": text(attendees[0].params.get("PARTSTAT")) if attendees else None,
        "attendees": len(attendees),
        "starts": starts(event),
    }


def complaints(component):
    found = [f"{name}: {error}" for name, error in component.errors]
    found += [f"{component.name} without {name}" for name in component.required if name not in component]
    found += [f"{component.name} with several {name}" for name in component.singletons if isinstance(component.get(name), list)]
    for inner in component.subcomponents:
        found += complaints(inner)
    return found


def file_json(path):
    with open(path, "rb") as file:
        data = file.read()
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        if len(calendars) != 1:
            return {"file": path, "errors": [f"{len(calendars)} calendars"]}
        calendar = calendars[0]
        return {
            "file": path,
            "method": text(calendar.get("method")),
            "events": [event_json(e) for e in calendar.walk("VEVENT")],
            "errors": complaints(calendar),
        }
    except Exception as error:
        return {"file": path, "errors": [repr(error)]}


for path in sys.argv[1:]:
    print(json.dumps(file_json(path), ensure_ascii=False))
