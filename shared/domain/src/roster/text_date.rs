//! Dates written as text: ISO, and the US forms, in which the month comes first. Dots are written where the day comes first
//! too: a dotted date that could mean two days is refused, never guessed.

use super::reason::DateProblem;
use jiff::civil::Date;

/// Longer than `September 30, 2026 12:00:00 AM` needs.
const LONGEST_DATE: usize = 40;

/// Reads a day: `2026-01-31` (a time may follow), `20260131`, `1/31/2026`, `1-31-2026`, `1/31/26` (of this century),
/// `Jan 31, 2026`, `31-Jan-2026`.
pub(super) fn parse(raw: &str) -> Result<Date, DateProblem> {
    let text = raw.trim();
    if text.len() > LONGEST_DATE {
        return Err(DateProblem::Unknown);
    }
    let text = without_time(text);
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [digits] if digits.len() == 8 => {
            let number: u32 = number(digits)?;
            day(i64::from(number / 10_000), i64::from(number / 100 % 100), i64::from(number % 100))
        }
        [year, month, last] if year.len() == 4 && all_digits(year) => match month_named(month) {
            Some(month) => day(number(year)?.into(), month, number(last)?.into()),
            None => day(number(year)?.into(), number(month)?.into(), number(last)?.into()),
        },
        [first, second, year] => {
            let year = full_year(year)?;
            if let Some(month) = month_named(first) {
                return day(year, month, number(ordinal(second))?.into());
            }
            if let Some(month) = month_named(second) {
                return day(year, month, number(ordinal(first))?.into());
            }
            let (month, day_of_month) = (number(first)?, number(second)?);
            let is_dotted = text.contains('.') && !text.contains(['/', '-']);
            if is_dotted && month != day_of_month && month <= 12 && day_of_month <= 12 {
                return Err(DateProblem::TwoDays);
            }
            if month > 12 && (1..=12).contains(&day_of_month) {
                return Err(DateProblem::DayFirst);
            }
            day(year, month.into(), day_of_month.into())
        }
        _ => Err(DateProblem::Unknown),
    }
}

/// The text up to a time of day: what follows the `T` of an ISO date, or the blank before the first word with a colon.
fn without_time(text: &str) -> &str {
    if let Some((date, time)) = text.split_once('T')
        && time.contains(':')
        && date.contains('-')
        && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    {
        return date;
    }
    let Some(colon) = text.find(':') else { return text };
    match text[..colon].rfind(char::is_whitespace) {
        Some(blank) => text[..blank].trim_end(),
        None => text,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn number(text: &str) -> Result<u32, DateProblem> {
    if all_digits(text) { text.parse().map_err(|_| DateProblem::Unknown) } else { Err(DateProblem::Unknown) }
}

/// `31st` without its ending.
fn ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text)
}

/// Years of four digits as they are, of two digits in this century: no register reaches back into another.
fn full_year(text: &str) -> Result<i64, DateProblem> {
    match text.len() {
        4 => Ok(number(text)?.into()),
        2 => Ok(i64::from(number(text)?) + 2000),
        _ => Err(DateProblem::Unknown),
    }
}

fn month_named(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let place = MONTHS
        .iter()
        .position(|month| (text.len() >= 3 && month.starts_with(&text)) || text == "sept" && *month == "september")?;
    i64::try_from(place + 1).ok()
}

fn day(year: i64, month: i64, day: i64) -> Result<Date, DateProblem> {
    let (Ok(year), Ok(month), Ok(day)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day)) else {
        return Err(DateProblem::NoSuchDay);
    };
    Date::new(year, month, day).map_err(|_| DateProblem::NoSuchDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn iso_and_us_dates_are_read() {
        for text in [
            "2026-01-31",
            " 2026-01-31 ",
            "2026-01-31T10:00:00Z",
            "2026-01-31 10:00",
            "20260131",
            "2026/1/31",
            "1/31/2026",
            "01/31/2026",
            "1-31-2026",
            "1.31.2026",
            "1/31/26",
            "1/31/2026 12:00:00 AM",
            "Jan 31, 2026",
            "January 31 2026",
            "January 31st, 2026",
            "31-Jan-2026",
            "January 31, 2026 12:00:00 AM",
            "Jan 31, 2026 10:00",
            "31 jan 26",
            "2026 Jan 31",
        ] {
            assert_eq!(parse(text), Ok(date(2026, 1, 31)), "{text:?}");
        }
    }

    #[test]
    fn a_dotted_date_that_can_mean_one_day_only_is_read() {
        assert_eq!(parse("1.31.2026"), Ok(date(2026, 1, 31)));
        assert_eq!(parse("04.04.2026"), Ok(date(2026, 4, 4)));
    }

    #[test]
    fn what_is_no_date_says_why() {
        let check = |text, problem| assert_eq!(parse(text), Err(problem), "{text:?}");
        check("", DateProblem::Unknown);
        check("soon", DateProblem::Unknown);
        check("31/01/2026", DateProblem::DayFirst);
        check("31.01.2026", DateProblem::DayFirst);
        check("03.04.2026", DateProblem::TwoDays);
        check("4/31/2026", DateProblem::NoSuchDay);
        check("2026-02-29", DateProblem::NoSuchDay);
        check("13/13/2026", DateProblem::NoSuchDay);
        check("1/2026", DateProblem::Unknown);
        check("1/31/126", DateProblem::Unknown);
        check("99999999999/1/2026", DateProblem::Unknown);
        check(&"1".repeat(41), DateProblem::Unknown);
    }
}
