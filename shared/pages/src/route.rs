//! Routes: a door's are one enum. What it may be asked, by whom, and who answers are exhaustive matches over it, so a
//! route without a policy or a handler doesn't compile, and every one of them stands behind its policy.

use crate::{
    problem::Problem,
    visitor::{Policy, Visitor},
};
use axum::{
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter},
};
use http::Method;

/// Declares the enum of a door's routes, with `ALL` of them.
#[macro_export]
macro_rules! routes {
    ($(#[$about:meta])* $vis:vis enum $name:ident { $($(#[$each:meta])* $route:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $($(#[$each])* $route),+ }

        impl $name {
            /// Every route: what the router is built from.
            $vis const ALL: &'static [Self] = &[$(Self::$route),+];
        }
    };
}

/// What a route is asked with. Reading has no effects; everything else is `Post`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Changes something.
    Post,
}

impl Verb {
    /// As HTTP says it.
    pub fn method(self) -> Method {
        match self {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
        }
    }

    /// As the router wants it. `GET` brings `HEAD` with it.
    pub const fn filter(self) -> MethodFilter {
        match self {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        }
    }
}

/// A handler behind its policy: it isn't run for a visitor that the policy refuses.
pub fn guarded<S>(handler: MethodRouter<S>, policy: Policy) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    handler.route_layer(from_fn_with_state(policy, enforce))
}

async fn enforce(State(policy): State<Policy>, request: Request, next: Next) -> Response {
    // Without a visitor the request came past the threshold: nobody is let in.
    let refusal = match request.extensions().get::<Visitor>() {
        Some(visitor) => policy.refusal(visitor),
        None => Some(Problem::Ours),
    };
    match refusal {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}
