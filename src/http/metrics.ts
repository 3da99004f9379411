/** Counters of this process, in the Prometheus text format. */
export interface Metrics {
  answered(method: string, status: number): void
  text(): string
}

export function createMetrics(): Metrics {
  const answers = new Map<string, number>()
  return {
    answered(method, status) {
      const labels = `method="${known(method)}",status="${Math.floor(status / 100)}xx"`
      answers.set(labels, (answers.get(labels) ?? 0) + 1)
    },
    text: () =>
      metric('gatehouse_http_requests_total', 'counter', 'Requests answered by this process.', [...answers]),
  }
}

/** One metric: help, type and a line for each set of labels. */
export const metric = (
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
) =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}`),
    '',
  ].join('\n')

/** Methods are the client's words; only ours become labels. */
const known = (method: string) => (['GET', 'POST', 'HEAD'].includes(method) ? method : 'other')
