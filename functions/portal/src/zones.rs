//! Time zones to choose from: first those that people are most likely in, then every other name of the database. A reader chooses
//! among the first, and any other can stand in the address; who makes an event can type any, or a city.

use domain::event::Zone;
use jiff::tz::TimeZoneDatabase;

const ZONES: [(&str, &str); 29] = [
    ("America/New_York", "Eastern time (New York)"),
    ("America/Chicago", "Central time (Chicago)"),
    ("America/Denver", "Mountain time (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific time (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
    ("Pacific/Pago_Pago", "American Samoa (Pago Pago)"),
    ("America/Halifax", "Atlantic time (Halifax)"),
    ("America/St_Johns", "Newfoundland (St. John's)"),
    ("America/Mexico_City", "Mexico City"),
    ("America/Bogota", "Bogotá"),
    ("America/Sao_Paulo", "São Paulo"),
    ("Europe/London", "London"),
    ("Europe/Berlin", "Berlin"),
    ("Europe/Athens", "Athens"),
    ("Africa/Lagos", "Lagos"),
    ("Africa/Johannesburg", "Johannesburg"),
    ("Africa/Nairobi", "Nairobi"),
    ("Asia/Dubai", "Dubai"),
    ("Asia/Kolkata", "India"),
    ("Asia/Manila", "Manila"),
    ("Asia/Seoul", "Seoul"),
    ("Asia/Tokyo", "Tokyo"),
    ("Australia/Sydney", "Sydney"),
    ("Pacific/Auckland", "Auckland"),
    ("UTC", "UTC"),
];

/// One of the zones.
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// The zones, the chosen one marked; it is among them in any case.
pub(crate) fn choices(chosen: &Zone) -> Vec<Choice> {
    let choice = |(name, label): (&str, &str)| Choice {
        name: name.to_owned(),
        label: label.to_owned(),
        chosen: name == chosen.as_str(),
    };
    let mut choices: Vec<Choice> = ZONES.into_iter().map(choice).collect();
    if !choices.iter().any(|choice| choice.chosen) {
        choices.push(choice((chosen.as_str(), chosen.as_str())));
    }
    choices
}

/// Every zone's name, the likely ones first and with their labels.
pub(crate) fn names() -> Vec<(String, &'static str)> {
    let is_other = |name: &String| {
        name.contains('/')
            && !["Etc/", "US/", "SystemV/"].iter().any(|old| name.starts_with(old))
            && !ZONES.iter().any(|(known, _)| known == name)
    };
    let database = TimeZoneDatabase::bundled();
    let others = database.available().map(|name| name.as_str().to_owned()).filter(is_other);
    ZONES.map(|(name, label)| (name.to_owned(), label)).into_iter().chain(others.map(|name| (name, ""))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_to_choose_from_is_one() {
        for (name, _) in ZONES {
            assert_eq!(Zone::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn every_zone_that_is_offered_can_be_chosen() {
        let names = names();
        assert_eq!(names[0], ("America/New_York".to_owned(), "Eastern time (New York)"));
        assert!(names.len() > 300 && names.iter().all(|(name, _)| Zone::parse(name).is_ok()));
        let different: std::collections::BTreeSet<_> = names.iter().map(|(name, _)| name).collect();
        assert_eq!(different.len(), names.len(), "none is offered twice");
    }

    #[test]
    fn a_zone_that_is_not_listed_can_be_chosen_as_well() {
        let chosen: Vec<_> =
            choices(&Zone::parse("Asia/Kathmandu").unwrap()).into_iter().filter(|c| c.chosen).collect();
        assert_eq!((chosen.len(), chosen[0].name.as_str()), (1, "Asia/Kathmandu"));
    }
}
