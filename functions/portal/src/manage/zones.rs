//! The time zones that a form offers: those of the United States first.

use jiff::tz::TimeZoneDatabase;

const OURS: [&str; 10] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
];

/// Every zone's name, ours first.
pub(super) fn names() -> Vec<String> {
    let is_offered = |name: &String| {
        name.contains('/')
            && !["Etc/", "US/", "SystemV/"].iter().any(|old| name.starts_with(old))
            && !OURS.contains(&name.as_str())
    };
    let database = TimeZoneDatabase::bundled();
    let others = database.available().map(|name| name.as_str().to_owned()).filter(is_offered);
    OURS.map(str::to_owned).into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::Zone;

    #[test]
    fn every_zone_that_is_offered_can_be_chosen() {
        let names = names();
        assert_eq!(names[0], "America/New_York");
        assert!(names.len() > 300 && names.iter().all(|name| Zone::parse(name).is_ok()));
    }
}
