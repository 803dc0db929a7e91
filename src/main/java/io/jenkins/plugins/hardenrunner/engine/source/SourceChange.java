package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A file under watch that is not what it was.
 *
 * @param path absolute
 * @param root the work tree or folder that the file belongs to, absolute; null if not known
 * @param category what the file is to the build
 * @param before what it was: {@code blob:ID} (git's object id), {@code sha256:DIGEST}, or {@code link:TARGET}; null if not
 *     known or if there was nothing
 * @param after the same afterwards; null if the file is gone
 * @param beforeSize in bytes; null if not known
 * @param afterSize in bytes; null if the file is gone
 * @param diff the beginning of the difference as text; null for binary or large files and such that may hold secrets
 * @param detail what else a person should know, without contents; null if nothing
 * @param aliases other names of the same file (hard links) that were opened for writing
 */
public record SourceChange(String path, String root, Category category, Kind kind, String before, String after,
        Long beforeSize, Long afterSize, String diff, String detail, List<String> aliases) implements Serializable {

    public SourceChange {
        aliases = List.copyOf(aliases);
    }

    /** A change of a file under version control of which no more is known. */
    public SourceChange(String path, String before, String after, Kind kind, String diff) {
        this(path, null, Category.SOURCE, kind, before, after, null, null, diff, null, List.of());
    }

    /** The same change with the names under which the file was opened. */
    SourceChange withAliases(List<String> names) {
        return new SourceChange(path, root, category, kind, before, after, beforeSize, afterSize, diff, detail, names);
    }

    /** The same change with its texts as somebody else would show them. */
    public SourceChange withTexts(UnaryOperator<String> shown) {
        return new SourceChange(path, root, category, kind, before, after, beforeSize, afterSize,
                diff == null ? null : shown.apply(diff), detail == null ? null : shown.apply(detail), aliases);
    }

    /** What a file is to the build. */
    public enum Category {
        /** Under version control. */
        SOURCE,
        /** Not under version control, but there when the block began, where no version control says what belongs there. */
        UNVERSIONED,
        /** Not under version control, but it steers the build: a setting of a build tool, in the workspace or at home. */
        BUILD_DEFINITION,
        /** A program that git runs by itself. */
        GIT_HOOK,
        /** Git's configuration or attributes. */
        GIT_CONFIG,
        /** Branches, tags, HEAD. */
        GIT_REF,
        /** Git's list of what is tracked. */
        GIT_INDEX;

        /** The name as it stands in reports. */
        public String token() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** In which way a file changed. */
    public enum Kind {
        /** Its content. */
        MODIFIED,
        /** It is gone, or something else than a file or link stands there. */
        DELETED,
        /** Its permission to be executed. */
        MODE,
        /** It became a symbolic link, or ceased to be one, or points elsewhere. */
        SYMLINK,
        /** It is new, where a new file has effects. */
        ADDED;

        /** The name as it stands in reports. */
        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
