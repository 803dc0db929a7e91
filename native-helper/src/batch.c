#include "batch.h"

#include <string.h>

#include "secret.h"
#include "util.h"

void batch_clear(struct batch *b) {
    b->count = b->set_count = b->last_set = 0;
    b->directories_length = b->of_length = b->after_length = 0;
    b->sets.length = b->names.length = 0;
    b->sets.cut = b->sets.overflow = b->names.cut = b->names.overflow = false;
}

bool batch_takes(const char *path, size_t length) {
    size_t kept;
    if (length == 0 || length > BATCH_PATH || path[0] != '/' || path[length - 1] == '/')
        return false;
    for (size_t i = 0; i < length; i++)
        if (secret_start[(unsigned char)path[i]] && secret_at(path + i, length - i, false, &kept) > 0)
            return false;
    return true;
}

static bool same(const struct batch *b, const struct batch_set *s, const struct batch_operation *o, size_t directory) {
    return s->length == directory && s->image == o->image && s->pid == o->pid && s->create == o->create &&
           s->truncate == o->truncate && (s->op == o->op || strcmp(s->op, o->op) == 0) &&
           memcmp(b->directories + s->directory, o->path, directory) == 0;
}

/* Most operations are like the one before or the one before that. The number of sets if there is no such set yet. */
static unsigned find(const struct batch *b, const struct batch_operation *o, size_t directory) {
    for (unsigned i = 0, at = b->last_set; i < b->set_count; i++, at = at == 0 ? b->set_count - 1 : at - 1)
        if (same(b, &b->set[at], o, directory))
            return at;
    return b->set_count;
}

static void add_set(struct batch *b, const struct batch_operation *o, size_t directory) {
    struct json *j = &b->sets;
    b->set[b->set_count++] = (struct batch_set){o->image, o->pid, o->op, o->create, o->truncate, b->directories_length, directory};
    memcpy(b->directories + b->directories_length, o->path, directory);
    b->directories_length += directory;
    json_raw(j, j->length > 0 ? ",{\"p\":" : "{\"p\":");
    json_decimal(j, o->image);
    json_number(j, "pid", o->pid);
    json_text(j, "op", o->op);
    json_string(j, "dir", o->path, directory, sizeof j->text);
    if (o->create)
        json_true(j, "create");
    if (o->truncate)
        json_true(j, "truncate");
    json_raw(j, "}");
}

static size_t put_number(char *at, uint64_t value, bool comma) {
    char *start = at;
    if (comma)
        *at++ = ',';
    return (size_t)(put_decimal(at, value) - start);
}

size_t batch_size(const struct batch *b) {
    return b->sets.length + b->names.length + b->of_length + b->after_length + 512;
}

bool batch_add(struct batch *b, const struct batch_operation *o, uint64_t m) {
    size_t directory = o->length, name;
    while (o->path[directory - 1] != '/')
        directory--;
    name = o->length - directory;
    unsigned set = find(b, o, directory);
    /* Six bytes for one is the most that escaping makes; quotes, commas and numbers beside. */
    size_t most = 6 * name + 64 + (set == b->set_count ? 6 * directory + 160 : 0);
    if (set == BATCH_SETS || batch_size(b) - 512 + most > BATCH_BYTES)
        return false;
    if (set == b->set_count)
        add_set(b, o, directory);
    if (b->count == 0)
        b->m = b->last_m = m;
    b->of_length += put_number(b->of + b->of_length, set, b->count > 0);
    b->after_length += put_number(b->after + b->after_length, m - b->last_m, b->count > 0);
    if (b->count > 0)
        json_raw(&b->names, ",");
    json_element(&b->names, o->path + directory, name, sizeof b->names.text);
    b->last_m = m;
    b->last_set = set;
    b->count++;
    return true;
}

static void part(struct json *j, const char *before, const char *text, size_t length) {
    json_raw(j, before);
    json_bytes(j, text, length);
}

void batch_fields(const struct batch *b, struct json *j) {
    json_number(j, "n", b->count);
    json_raw(j, ",\"verdict\":\"allowed\",\"rule\":\"default\"");
    part(j, ",\"sets\":[", b->sets.text, b->sets.length);
    if (b->set_count > 1)
        part(j, "],\"of\":[", b->of, b->of_length);
    part(j, "],\"us\":[", b->after, b->after_length);
    part(j, "],\"names\":[", b->names.text, b->names.length);
    json_raw(j, "]");
    j->overflow = j->overflow || b->sets.overflow || b->sets.cut || b->names.overflow || b->names.cut;
}
