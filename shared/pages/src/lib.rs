//! What the HTTP doors share: the layout, the static files, who a visitor is and what the visitor may see, where a
//! request may come from, forms, and how a refusal is told. It must never decide anything about a credit.

pub mod address;
pub mod answer;
pub mod assets;
pub mod attendance;
mod compress;
pub mod cookie;
pub mod door;
pub mod evaluation;
pub mod field;
pub mod fields;
pub mod form;
pub mod headers;
pub mod hours_bar;
pub mod layout;
pub mod mail_trouble;
pub mod moment;
pub mod origin;
pub mod problem;
pub mod route;
pub mod site;
pub mod timeline;
pub mod visitor;
pub mod words;
