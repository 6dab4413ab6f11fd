//! The rules of rosters as a provider meets them, what holds for every roster, and what becomes of a credit afterwards.

#[path = "roster/credits.rs"]
mod credits;
#[path = "roster/properties.rs"]
mod properties;
#[path = "roster/rules.rs"]
mod rules;
#[path = "roster/world.rs"]
mod world;
