// What ical.js reads in calendar objects.
//
//   check.mjs PATH-OF-ICAL.JS FILE …      one line of JSON for each file, in the order of the arguments; fields as in check.c
//
// Zones are those of the object alone: ical.js knows no others, and shows a wrong hour where one is missing.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]).href);
ICAL.design.strict = true;

function instant(time) {
  if (!time) return null;
  if (time.isDate) return time.toICALString();
  return time.zone === ICAL.Timezone.localTimezone ? "floating" : time.toUnixTime();
}

const address = (value) => (value ? value.replace(/^mailto:/, "") : null);

function starts(vevent) {
  if (!vevent.hasProperty("rrule")) return [];
  const found = [];
  const iterator = new ICAL.Event(vevent).iterator();
  for (let next = iterator.next(); next && found.length < 600; next = iterator.next()) found.push(next.toUnixTime());
  return found;
}

function eventJson(vevent) {
  const value = (name) => vevent.getFirstPropertyValue(name);
  const person = (name) => {
    const property = vevent.getFirstProperty(name);
    return { [name]: address(property?.getFirstValue()), [`${name}_cn`]: property?.getParameter("cn") ?? null };
  };
  return {
    uid: value("uid"),
    sequence: value("sequence"),
    dtstamp: instant(value("dtstamp")),
    start: instant(value("dtstart")),
    end: instant(value("dtend")),
    recurrence_id: instant(value("recurrence-id")),
    summary: value("summary"),
    description: value("description"),
    location: value("location"),
    conference: value("conference"),
    ...person("organizer"),
    ...person("attendee"),
    partstat: vevent.getFirstProperty("attendee")?.getParameter("partstat") ?? null,
    attendees: vevent.getAllProperties("attendee").length,
    starts: starts(vevent),
  };
}

for (const file of process.argv.slice(3)) {
  let told;
  try {
    const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
    const errors = calendar.name === "vcalendar" ? [] : [`a ${calendar.name}`];
    ICAL.TimezoneService.reset();
    for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    told = { file, method: calendar.getFirstPropertyValue("method"), events: calendar.getAllSubcomponents("vevent").map(eventJson), errors };
  } catch (error) {
    told = { file, errors: [String(error)] };
  }
  console.log(JSON.stringify(told));
}
