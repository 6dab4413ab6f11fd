//! The form of an event's actual times: days and times on the event's clock, with seconds where somebody knows them, read into
//! moments. A time that the clocks skip is refused, and of one that comes twice somebody says which.

use domain::{
    attendance::MOST_BREAKS,
    event::{
        Span, Zone, spans,
        when::{LocalProblem, Pick, read_local},
    },
};
use pages::fields::{Field, Fields, Typed};

/// Empty rows for more breaks.
const SPARE_ROWS: usize = 2;
/// The longest event, as long as any may be planned: more is a slip of the day.
const LONGEST_SECONDS: i64 = 31 * 86_400;

const ENDS: [&str; 2] = ["start", "end"];
const OF_END: [&str; 3] = ["on", "time", "fold"];
const OF_BREAK: [&str; 4] = ["on", "from", "to", "fold"];

/// A row of the form's breaks, as the page shows it.
pub(super) struct BreakRow {
    pub(super) number: usize,
    pub(super) on: Field,
    pub(super) from: Field,
    pub(super) to: Field,
    pub(super) fold: Field,
}

/// Whether the form has this field.
pub(super) fn is_field(name: &str) -> bool {
    let of_end = |(stem, part): (&str, &str)| ENDS.contains(&stem) && OF_END.contains(&part);
    let of_break = |(stem, number): (&str, &str)| {
        let part = stem.strip_prefix("break-");
        part.is_some_and(|part| OF_BREAK.contains(&part))
            && number.parse().is_ok_and(|number: usize| number < MOST_BREAKS)
    };
    name.split_once('-').is_some_and(of_end) || name.rsplit_once('-').is_some_and(of_break)
}

/// The form over these times.
pub(super) fn filled(event: Span, breaks: &[Span], zone: &Zone) -> Fields {
    let mut values = Vec::new();
    for (stem, at) in ENDS.into_iter().zip([event.from, event.to]) {
        values.push((format!("{stem}-on"), zone.day(at).to_string()));
        values.push((format!("{stem}-time"), time(at, zone)));
        values.push((format!("{stem}-fold"), fold(at, zone)));
    }
    for number in 0..(breaks.len() + SPARE_ROWS).min(MOST_BREAKS) {
        let own = breaks.get(number);
        let first = zone.day(event.from);
        let day = own.map(|span| zone.day(span.from)).filter(|day| *day != first);
        let texts = [
            day.map(|day| day.to_string()),
            own.map(|span| time(span.from, zone)),
            own.map(|span| time(span.to, zone)),
            own.map(|span| fold(span.from, zone)),
        ];
        for (part, text) in OF_BREAK.into_iter().zip(texts) {
            values.push((format!("break-{part}-{number}"), text.unwrap_or_default()));
        }
    }
    Fields::of(values)
}

/// The form as it was typed.
pub(super) fn typed_again(typed: &Typed) -> Fields {
    let mut values = Vec::new();
    for stem in ENDS {
        values.extend(OF_END.map(|part| value(typed, format!("{stem}-{part}"))));
    }
    let is_typed = |number: &usize| {
        ["from", "to"].iter().any(|part| !typed.text(&format!("break-{part}-{number}")).trim().is_empty())
    };
    let last = (0..MOST_BREAKS).rev().find(is_typed).map_or(0, |last| last + 1);
    for number in 0..(last + SPARE_ROWS).min(MOST_BREAKS) {
        values.extend(OF_BREAK.map(|part| value(typed, format!("break-{part}-{number}"))));
    }
    Fields::of(values)
}

fn value(typed: &Typed, name: String) -> (String, String) {
    let text = typed.text(&name).to_owned();
    (name, text)
}

/// The rows of breaks that the form has.
pub(super) fn rows(fields: &Fields) -> Vec<BreakRow> {
    let field = |part: &str, number: usize| fields.at(&format!("break-{part}-{number}")).clone();
    let row = |number| BreakRow {
        number: number + 1,
        on: field("on", number),
        from: field("from", number),
        to: field("to", number),
        fold: field("fold", number),
    };
    (0..MOST_BREAKS).map(row).take_while(|row| !row.from.name.is_empty()).collect()
}

/// Reads the times; what is wrong is told beside its field.
pub(super) fn read(fields: &mut Fields, zone: &Zone) -> Option<(Span, Vec<Span>)> {
    let from = read_end(fields, "start", zone);
    let to = read_end(fields, "end", zone);
    let (from, to) = (from?, to?);
    let event = Span { from, to };
    if to <= from {
        fields.tell("end-time", "The event has to end after its start.");
    } else if to - from > LONGEST_SECONDS {
        fields.tell("end-on", "That is more than a month after the start. Check the days.");
    }
    let mut breaks = Vec::new();
    for number in 0..MOST_BREAKS {
        breaks.extend(read_break(fields, number, event, zone));
    }
    fields.are_right().then(|| (event, spans::union(breaks)))
}

fn read_end(fields: &mut Fields, stem: &str, zone: &Zone) -> Option<i64> {
    let text = |part: &str| fields.at(&format!("{stem}-{part}")).value.clone();
    let read = moment(&text("on"), &text("time"), zone, &text("fold"));
    read.map_err(|(part, told)| fields.tell(&format!("{stem}-{part}"), told)).ok()
}

fn read_break(fields: &mut Fields, number: usize, event: Span, zone: &Zone) -> Option<Span> {
    let text = |part: &str| fields.at(&format!("break-{part}-{number}")).value.trim().to_owned();
    let (on, from, to, fold) = (text("on"), text("from"), text("to"), text("fold"));
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let on = if on.is_empty() { zone.day(event.from).to_string() } else { on };
    let mut end = |part: &str, time: &str| {
        let named = |wrong: &str| if wrong == "time" { part.to_owned() } else { wrong.to_owned() };
        let read = moment(&on, time, zone, &fold);
        read.map_err(|(wrong, told)| fields.tell(&format!("break-{}-{number}", named(wrong)), told)).ok()
    };
    let (from, to) = (end("from", &from), end("to", &to));
    let span = Span { from: from?, to: to? };
    if span.to <= span.from {
        fields.tell(
            &format!("break-to-{number}"),
            "A break has to end after its start. Where one goes over midnight, enter two.",
        );
    } else if span.from < event.from || span.to > event.to {
        fields.tell(
            &format!("break-from-{number}"),
            "This break isn't within the event's time. Correct it, or empty the row.",
        );
    }
    Some(span)
}

/// A day and a time with seconds or without, as a moment; or which field is wrong, and why.
fn moment(day: &str, time: &str, zone: &Zone, fold: &str) -> Result<i64, (&'static str, String)> {
    let time = time.trim();
    let (minutes, seconds) = match time.match_indices(':').nth(1) {
        // Clocks are set at whole minutes: the seconds come on top.
        Some((place, _)) => (&time[..place], read_seconds(&time[place + 1..])),
        None => (time, Some(0)),
    };
    let seconds = seconds.ok_or_else(|| ("time", LocalProblem::NotATime.to_string()))?;
    let read = read_local(day, minutes, zone, Pick::parse(fold));
    read.map(|at| at + seconds).map_err(|problem| {
        let field = match problem {
            LocalProblem::NotADate => "on",
            LocalProblem::Twice { .. } => "fold",
            LocalProblem::NotATime | LocalProblem::Skipped { .. } => "time",
        };
        (field, problem.to_string())
    })
}

fn read_seconds(text: &str) -> Option<i64> {
    let is_plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|seconds| is_plain && *seconds < 60)
}

/// A moment's time as browsers' fields take it.
fn time(at: i64, zone: &Zone) -> String {
    let local = zone.local(at);
    let form = if at.rem_euclid(60) == 0 { "%H:%M" } else { "%H:%M:%S" };
    local.strftime(form).to_string()
}

/// Which of two moments with the same local time it is; nothing where there is one only.
fn fold(at: i64, zone: &Zone) -> String {
    let minute = at - at.rem_euclid(60);
    let local = zone.local(minute);
    match zone.moment_of(local, Some(Pick::First)) {
        _ if zone.moment_of(local, None).is_ok() => String::new(),
        Ok(first) if first == minute => Pick::First.as_str().to_owned(),
        _ => Pick::Second.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        Zone::parse("America/New_York").unwrap()
    }

    fn again(event: Span, breaks: &[Span]) -> Option<(Span, Vec<Span>)> {
        read(&mut filled(event, breaks, &zone()), &zone())
    }

    #[test]
    fn times_that_stand_in_the_form_are_read_as_the_same_moments() {
        // 2026-07-01T19:00:07Z
        let event = Span { from: 1_782_932_407, to: 1_782_936_000 };
        let breaks = [Span { from: 1_782_933_000, to: 1_782_933_601 }];
        assert_eq!(again(event, &breaks), Some((event, breaks.to_vec())));
    }

    #[test]
    fn the_hour_that_comes_twice_stays_the_one_that_it_was() {
        // Clocks are set back at 2026-11-01T06:00:00Z.
        let change = 1_793_512_800;
        let event = Span { from: change - 3_000, to: change + 5_400 };
        let breaks =
            [Span { from: change - 1_800, to: change - 1_200 }, Span { from: change + 600, to: change + 1_200 }];
        assert_eq!(again(event, &breaks), Some((event, breaks.to_vec())));
        let mut unsaid = filled(event, &breaks, &zone());
        unsaid = Fields::of(
            ["start-on", "start-time", "end-on", "end-time"]
                .map(|name| (name, unsaid.at(name).value.clone()))
                .into_iter()
                .chain([("end-fold", String::new()), ("start-fold", String::new())]),
        );
        assert_eq!(read(&mut unsaid, &zone()), None);
        assert!(unsaid.problems().any(|field| field.name == "start-fold"));
    }

    #[test]
    fn what_is_wrong_is_told_beside_its_field() {
        let event = Span { from: 1_782_932_400, to: 1_782_936_000 };
        let day = "2026-07-01";
        for (field, value, wrong) in [
            ("start-time", "15:61", "start-time"),
            ("start-time", "15:00:75", "start-time"),
            ("start-on", "July", "start-on"),
            ("end-time", "14:00", "end-time"),
            ("break-to-0", "15:10", "break-to-0"),
            ("break-from-0", "14:10", "break-from-0"),
        ] {
            let sound = [
                ("start-on", day),
                ("start-time", "15:00"),
                ("start-fold", ""),
                ("end-on", day),
                ("end-time", "16:00"),
                ("end-fold", ""),
                ("break-on-0", ""),
                ("break-from-0", "15:20"),
                ("break-to-0", "15:30"),
                ("break-fold-0", ""),
            ];
            let mut fields = Fields::of(sound);
            assert_eq!(read(&mut fields, &zone()).map(|(event, _)| event), Some(event));
            let mut fields = Fields::of(sound.map(|(name, text)| (name, if name == field { value } else { text })));
            assert_eq!(read(&mut fields, &zone()), None, "{field} {value}");
            assert!(fields.problems().any(|field| field.name == wrong), "{field} {value}");
        }
    }

    #[test]
    fn the_form_has_its_own_fields_only() {
        for name in ["start-on", "end-fold", "break-from-0", "break-fold-19"] {
            assert!(is_field(name), "{name}");
        }
        for name in ["start", "start-x", "break-from-20", "break-x-1", "break-from-"] {
            assert!(!is_field(name), "{name}");
        }
    }
}
