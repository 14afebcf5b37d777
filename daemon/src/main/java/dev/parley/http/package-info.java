/// The API over HTTP/1.1, on Netty.
///
/// A request's way: the event loop parses it ([dev.parley.http.Connection]) and finds its route;
/// then it leaves the loop for a virtual thread of its own, where [dev.parley.http.Router] asks
/// in this order: is there such a route, who is it, may they, is it from our own page (`Origin`,
/// CSRF), are the parameters known, has this been answered before (`Idempotency-Key`); only then
/// the route's handler reads the body and calls a service. A handler takes values and gives a
/// value back and knows no Netty.
///
/// It promises that
///
/// * a connection has one request at work at a time, so that pipelined requests are answered in
///   their order;
/// * everything is bounded: connections, requests at work, streams, header and body octets, the
///   time a peer may take to send and to read;
/// * every refusal is a problem (RFC 9457) with a stable code, and names the field at fault;
/// * `/openapi.json` is made from the same table that requests are dispatched by, and from the
///   same records that bodies are read into and answers written from;
/// * what a `POST` with an `Idempotency-Key` did and what it answered are committed in one
///   transaction, and so are what somebody has to answer for and its entry in the audit log; what of such
///   a request takes long and changes nothing is done before, on the request's own thread
///   ([dev.parley.http.Route.Preparation]).
///
/// The package knows every feature's services and none of their SQL, but for its own table of
/// answers.
@NullMarked
package dev.parley.http;

import org.jspecify.annotations.NullMarked;
