//! The ways to a stream, and the order in which they are tried.

use std::time::Duration;

use super::{
    link::CONNECTIONS,
    streams::{STREAMS, StreamIndex},
};

/// How long a way is waited for before the next one is tried as well: longer than an acknowledgement takes under load, and short
/// enough for two more within PostHog's 3 s.
const FIRST_HEDGE: Duration = Duration::from_millis(700);
const NEXT_HEDGE: Duration = Duration::from_millis(400);

/// A way: which stream, by which connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) stream: StreamIndex,
    pub(super) connection: usize,
}

/// How many ways there are.
pub(super) const ROUTES: usize = STREAMS * CONNECTIONS;

/// The ways of an event whose stream is `home`. Those that have nothing in common with the first come next: any one server may be the
/// leader of one stream and the end of one connection, and whichever it is, one of the four ways avoids it.
pub(super) fn routes(home: StreamIndex, preferred: Option<Route>) -> [Route; ROUTES] {
    let first = preferred.unwrap_or(Route { stream: home, connection: home });
    let (stream, connection) = (first.stream, first.connection);
    let (other_stream, other_connection) = (1 - stream, 1 - connection);
    [
        first,
        Route { stream: other_stream, connection: other_connection },
        Route { stream, connection: other_connection },
        Route { stream: other_stream, connection },
    ]
}

/// How long to wait for an answer before the next way is tried, after so many have been.
pub(super) fn hedge_after(tried: usize) -> Duration {
    if tried <= 1 { FIRST_HEDGE } else { NEXT_HEDGE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whichever_stream_and_whichever_connection_is_down_one_of_the_first_three_ways_avoids_both() {
        for home in 0..STREAMS {
            for preferred in [None, Some(Route { stream: 1, connection: 0 }), Some(Route { stream: 0, connection: 0 })]
            {
                let routes = routes(home, preferred);
                assert_eq!(routes[0], preferred.unwrap_or(Route { stream: home, connection: home }));
                for (stream, connection) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let works = |route: &Route| route.stream != stream && route.connection != connection;
                    assert_eq!(routes.iter().filter(|route| works(route)).count(), 1);
                }
            }
        }
        let until_last: Duration = (1..ROUTES).map(hedge_after).sum();
        assert!(until_last < Duration::from_millis(2_000), "{until_last:?}");
    }
}
