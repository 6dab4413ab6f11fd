//! The rules of rosters as a provider meets them, and what holds for every roster.

#[path = "roster/properties.rs"]
mod properties;
#[path = "roster/rules.rs"]
mod rules;
#[path = "roster/world.rs"]
mod world;
