//! Time zones to choose from: those that readers are most likely in. Any other name of the database can stand in the address.

use domain::event::Zone;

const ZONES: [(&str, &str); 28] = [
    ("America/New_York", "Eastern time (New York)"),
    ("America/Chicago", "Central time (Chicago)"),
    ("America/Denver", "Mountain time (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific time (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
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
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// The zones, the chosen one marked; it is among them in any case.
pub(super) fn choices(chosen: &Zone) -> Vec<Choice> {
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
    fn a_zone_that_is_not_listed_can_be_chosen_as_well() {
        let chosen: Vec<_> =
            choices(&Zone::parse("Asia/Kathmandu").unwrap()).into_iter().filter(|c| c.chosen).collect();
        assert_eq!((chosen.len(), chosen[0].name.as_str()), (1, "Asia/Kathmandu"));
    }
}
