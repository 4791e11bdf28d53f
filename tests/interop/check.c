/* What libical reads in calendar objects, and what it holds against them: its parse errors and its table of iTIP restrictions.
 *
 *   check FILE …      one line of JSON for each file, in the order of the arguments
 *
 * The other two readers (check.py, check.mjs) print the same fields; tests/interop.rs compares them.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STARTS 600

static void text(const char *value)
{
    if (value == NULL) {
        printf("null");
        return;
    }
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)value; *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static void instant(icalproperty *property, icalcomponent *event)
{
    if (property == NULL) {
        printf("null");
        return;
    }
    struct icaltimetype at = icalproperty_get_datetime_with_component(property, event);
    if (icaltime_is_date(at)) {
        printf("\"%04d%02d%02d\"", at.year, at.month, at.day);
        return;
    }
    if (!icaltime_is_utc(at) && at.zone == NULL) {
        printf("\"floating\"");
        return;
    }
    printf("%ld", (long)icaltime_as_timet_with_zone(at, at.zone ? at.zone : icaltimezone_get_utc_timezone()));
}

static const char *address(const char *value)
{
    return value != NULL && strncmp(value, "mailto:", 7) == 0 ? value + 7 : value;
}

static void person(const char *name, icalproperty *property, const char *value)
{
    icalparameter *cn = property ? icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER) : NULL;
    printf(",\"%s\":", name);
    text(address(value));
    printf(",\"%s_cn\":", name);
    text(cn ? icalparameter_get_cn(cn) : NULL);
}

struct starts {
    long at[MOST_STARTS];
    int count;
};

static void started(icalcomponent *event, struct icaltime_span *span, void *data)
{
    struct starts *starts = data;
    (void)event;
    if (starts->count < MOST_STARTS)
        starts->at[starts->count++] = (long)span->start;
}

static void event_json(icalcomponent *event)
{
    icalproperty *found;
#define FIRST(kind) icalcomponent_get_first_property(event, ICAL_##kind##_PROPERTY)
    printf("{\"uid\":");
    text(icalcomponent_get_uid(event));
    found = FIRST(SEQUENCE);
    printf(",\"sequence\":");
    found ? (void)printf("%d", icalproperty_get_sequence(found)) : text(NULL);
    printf(",\"dtstamp\":");
    instant(FIRST(DTSTAMP), event);
    printf(",\"start\":");
    instant(FIRST(DTSTART), event);
    printf(",\"end\":");
    instant(FIRST(DTEND), event);
    printf(",\"recurrence_id\":");
    instant(FIRST(RECURRENCEID), event);
    found = FIRST(SUMMARY);
    printf(",\"summary\":");
    text(found ? icalproperty_get_summary(found) : NULL);
    found = FIRST(DESCRIPTION);
    printf(",\"description\":");
    text(found ? icalproperty_get_description(found) : NULL);
    found = FIRST(LOCATION);
    printf(",\"location\":");
    text(found ? icalproperty_get_location(found) : NULL);
    found = FIRST(CONFERENCE);
    printf(",\"conference\":");
    text(found ? icalproperty_get_conference(found) : NULL);
    found = FIRST(ORGANIZER);
    person("organizer", found, found ? icalproperty_get_organizer(found) : NULL);
    found = FIRST(ATTENDEE);
    person("attendee", found, found ? icalproperty_get_attendee(found) : NULL);
    icalparameter *partstat = found ? icalproperty_get_first_parameter(found, ICAL_PARTSTAT_PARAMETER) : NULL;
    printf(",\"partstat\":");
    text(partstat ? icalparameter_enum_to_string(icalparameter_get_partstat(partstat)) : NULL);
    printf(",\"attendees\":%d", icalcomponent_count_properties(event, ICAL_ATTENDEE_PROPERTY));
    printf(",\"starts\":[");
    if (FIRST(RRULE)) {
        struct starts starts = {.count = 0};
        struct icaltimetype from = icaltime_from_string("20000101T000000Z"), to = icaltime_from_string("20400101T000000Z");
        icalcomponent_foreach_recurrence(event, from, to, started, &starts);
        for (int n = 0; n < starts.count; n++)
            printf("%s%ld", n ? "," : "", starts.at[n]);
    }
    printf("]}");
}

/* The complaints, which libical writes into the object as properties of its own. */
static int complaints(icalcomponent *component, int count)
{
    icalproperty *p = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    for (; p; p = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        if (count++)
            putchar(',');
        text(icalproperty_get_xlicerror(p));
    }
    icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; inner; inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        count = complaints(inner, count);
    return count;
}

static void file_json(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char buffer[1 << 20];
    size_t length = file ? fread(buffer, 1, sizeof buffer - 1, file) : 0;
    if (file)
        fclose(file);
    buffer[length] = '\0';
    icalcomponent *calendar = icalparser_parse_string(buffer);
    printf("{\"file\":");
    text(path);
    if (calendar == NULL) {
        printf(",\"errors\":[\"not read\"]}\n");
        return;
    }
    icalproperty_method method = icalcomponent_get_method(calendar);
    printf(",\"method\":");
    text(method == ICAL_METHOD_NONE ? NULL : icalproperty_enum_to_string(method));
    printf(",\"events\":[");
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (int n = 0; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        if (n++)
            putchar(',');
        event_json(event);
    }
    printf("],\"errors\":[");
    int parse = complaints(calendar, 0);
    printf("],\"restrictions\":[");
    icalcomponent_strip_errors(calendar);
    icalrestriction_check(calendar);
    complaints(calendar, 0);
    printf("]}\n");
    (void)parse;
    icalcomponent_free(calendar);
}

int main(int count, char **paths)
{
    icalerror_set_errors_are_fatal(0);
    for (int n = 1; n < count; n++)
        file_json(paths[n]);
    return 0;
}
