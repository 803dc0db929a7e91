package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.Serializable;
import java.util.Locale;

/**
 * A file under version control that is not what it was.
 *
 * @param path absolute
 * @param before what it was: {@code blob:ID} (git's object id), {@code sha256:DIGEST}, or {@code link:TARGET}; null if not
 *     known
 * @param after the same afterwards; null if the file is gone
 * @param diff the beginning of the difference as text; null for binary or large files
 */
public record SourceChange(String path, String before, String after, Kind kind, String diff) implements Serializable {
    /** In which way a file changed. */
    public enum Kind {
        /** Its content. */
        MODIFIED,
        /** It is gone, or something else than a file or link stands there. */
        DELETED,
        /** Its permission to be executed. */
        MODE,
        /** It became a symbolic link, or ceased to be one, or points elsewhere. */
        SYMLINK;

        /** The name as it stands in reports. */
        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
