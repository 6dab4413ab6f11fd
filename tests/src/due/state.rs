//! What came of it all: the people, their links, and the mails.

use super::{Due, TABLE};
use domain::{
    event::Room,
    registration::{Participation, ParticipationState},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

impl Due {
    /// The people, by their accounts.
    pub async fn people(&self) -> Vec<Participation> {
        let (mut people, mut after) = (Vec::new(), None);
        loop {
            let (page, next) = self.table.fetch_people_of(&self.event, after.as_deref(), 300).await.unwrap();
            people.extend(page);
            after = next;
            if after.is_none() {
                return people;
            }
        }
    }

    /// The mails that say something, as `kind` and to whom; one that is there twice is there twice.
    pub async fn mails(&self) -> Vec<(String, String)> {
        let (mut mails, mut after) = (Vec::new(), None);
        loop {
            let page = self.dynamodb.scan().table_name(TABLE).set_exclusive_start_key(after).send().await.unwrap();
            for item in page.items().iter().filter(|item| item["sk"].as_s().unwrap() == "MAIL") {
                let content: Value = serde_json::from_str(item["content"].as_s().unwrap()).unwrap();
                let kind = match (content["reminder"].as_str(), content["news"]["news"].as_str()) {
                    (Some(reminder), _) => format!("reminder of the {reminder}"),
                    (None, Some(news)) => format!("put down: {news}"),
                    (None, None) => content["kind"].as_str().unwrap().to_owned(),
                };
                mails.push((kind, item["to"].as_s().unwrap().clone()));
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                mails.retain(|(kind, _)| kind != "nothing");
                mails.sort();
                return mails;
            }
        }
    }

    /// How many mails of each kind there are.
    pub async fn mails_by_kind(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (kind, _) in self.mails().await {
            *counts.entry(kind).or_default() += 1;
        }
        counts
    }

    /// How often somebody was registered at Zoom, refused tries too.
    pub fn asked_for_links(&self) -> usize {
        self.zoom().calls("POST /v2/meetings/")
    }

    /// Checks that everybody with a seat has the one link that Zoom knows them by, a link of their own, and that nobody's works who
    /// has cancelled; how many have one.
    pub async fn check_links(&self) -> usize {
        let room = self.event().await.room;
        let number = room.as_ref().and_then(Room::meeting_number).unwrap().as_str().to_owned();
        let at_zoom = self.zoom().meeting(&number).unwrap().registrants;
        let (mut links, mut seats) = (BTreeSet::new(), 0);
        for person in self.people().await {
            let known: Vec<_> = at_zoom
                .iter()
                .filter(|known| Some(known.email.as_str()) == person.email.as_ref().map(|email| email.shown()))
                .collect();
            if !person.state.has_seat() {
                assert!(known.iter().all(|known| known.is_cancelled), "{} has a link and no seat", person.account);
                continue;
            }
            seats += 1;
            let Some(own) = person.zoom.filter(|own| own.number.as_str() == number) else { continue };
            assert_eq!(known.len(), 1, "{} is registered once", person.account);
            assert_eq!((&own.registrant_id, known[0].is_cancelled), (&known[0].id, false));
            let link = own.join_url.unwrap();
            assert!(link.ends_with(&known[0].token) && links.insert(link));
        }
        let taken = self.table.fetch_seats(&self.event).await.unwrap().unwrap().taken;
        assert_eq!(seats, taken, "seats are counted as they are taken");
        links.len()
    }

    /// What it all came to: who has a seat, a link, was told of what; and the mails.
    pub async fn end_state(&self) -> (Vec<String>, Vec<(String, String)>) {
        let told = |person: &Participation| {
            let state = match person.state {
                ParticipationState::Registered => "seat".to_owned(),
                ParticipationState::Waiting { place } => format!("waits {place}"),
                ParticipationState::Cancelled => "cancelled".to_owned(),
            };
            let link = person.zoom.as_ref().map_or("", |own| own.number.as_str());
            format!("{} {state} {link} {}", person.account, person.told_version)
        };
        (self.people().await.iter().map(told).collect(), self.mails().await)
    }
}
