// The store's figures as Prometheus lines.
#include "base/text.h"
#include "store/state.h"

static unsigned long long get(const atomic_ullong *figure) {
    return atomic_load_explicit((atomic_ullong *)figure, memory_order_relaxed);
}

static void line(text_buffer *b, const char *name, const char *kind, unsigned long long value) {
    text_addf(b, "# TYPE beian_store_%s %s\nbeian_store_%s %llu\n", name, kind, name, value);
}

static void sizes(text_buffer *b, const figures *f) {
    unsigned long long sum = 0;
    text_add(b, "# TYPE beian_store_batch_jobs histogram\n");
    for (unsigned i = 0; i < SIZE_CLASSES; i++) {
        sum += get(&f->sizes[i]);
        text_addf(b, "beian_store_batch_jobs_bucket{le=\"%u\"} %llu\n",
                  i + 1 < SIZE_CLASSES ? (2u << i) - 1 : BATCH_MOST, sum);
    }
    text_addf(b,
              "beian_store_batch_jobs_bucket{le=\"+Inf\"} %llu\nbeian_store_batch_jobs_count %llu\n"
              "beian_store_batch_jobs_sum %llu\n",
              sum, sum, get(&f->jobs));
}

const char *store_metrics(store *s, arena *a) {
    const figures *f = &s->figures;
    text_buffer b = text_buffer_new(a, 2048);
    pthread_mutex_lock(&s->writer.lock);
    size_t waiting = s->writer.waiting;
    pthread_mutex_unlock(&s->writer.lock);
    line(&b, "queue_jobs", "gauge", waiting);
    line(&b, "commits_total", "counter", get(&f->commits));
    line(&b, "jobs_total", "counter", get(&f->jobs));
    line(&b, "jobs_refused_total", "counter", get(&f->refused_jobs));
    line(&b, "jobs_repeated_total", "counter", get(&f->repeated));
    line(&b, "jobs_late_total", "counter", get(&f->late));
    line(&b, "queue_full_total", "counter", get(&f->queue_full));
    line(&b, "failed_batches_total", "counter", get(&f->failed_batches));
    line(&b, "healthy", "gauge", store_healthy(s));
    line(&b, "wal_bytes", "gauge", (unsigned long long)s->engine->ops->log_bytes(s->engine));
    sizes(&b, f);
    return b.data;
}
