package io.jenkins.plugins.hardenrunner.engine.report;

import java.util.function.Predicate;

/**
 * What a report knows of the files that were compared with what they were.
 *
 * @param tracked whether an absolute path is such a file
 * @param covered whether a change of the path would be found by comparing, although it is no such file itself: in git's
 *     own folders, where locks and temporary files come and go
 * @param compared whether the comparison took place, so that a file without a change is the same as before
 */
record SourceView(Predicate<String> tracked, Predicate<String> covered, boolean compared) {}
