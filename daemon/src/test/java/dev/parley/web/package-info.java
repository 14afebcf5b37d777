/// The page, in a real browser against the real daemon, its database and the simulated network.
@NullMarked
package dev.parley.web;

import org.jspecify.annotations.NullMarked;
