import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'

/** One page of the user guide. */
export interface HelpTopic {
  slug: string
  title: string
  /** One sentence for the index. */
  about: string
}

const helpCrumb = { label: 'Help', href: paths.help() }

interface HelpPageProps {
  chrome: Chrome
  topic: HelpTopic
  topics: readonly HelpTopic[]
  children?: Child
}

export const HelpPage = ({ chrome, topic, topics, children }: HelpPageProps) => {
  const at = topics.findIndex(one => one.slug === topic.slug)
  return (
    <Page chrome={chrome} title={topic.title} crumbs={[helpCrumb]} width="reading">
      <p class="lead">{topic.about}</p>
      <div class="prose">{children}</div>
      <nav class="help-neighbours" aria-label="More help">
        <Neighbour topic={topics[at - 1]} rel="prev" words="Before this" />
        <Neighbour topic={topics[at + 1]} rel="next" words="Next" />
      </nav>
    </Page>
  )
}

const Neighbour = ({ topic, rel, words }: { topic: HelpTopic | undefined; rel: string; words: string }) =>
  topic ? (
    <p>
      {words}:{' '}
      <a href={paths.helpPage(topic.slug)} rel={rel}>
        {topic.title}
      </a>
    </p>
  ) : null

export const HelpIndexPage = ({ chrome, topics }: { chrome: Chrome; topics: readonly HelpTopic[] }) => (
  <Page chrome={chrome} title="Help" width="reading">
    <p class="lead">
      Gatehouse lets you do yourself, safely and at any hour, what you would otherwise open a support case
      for. Before you open one, look here whether the portal can do it.
    </p>
    <ul class="help-topics">
      {topics.map(topic => (
        <li>
          <a href={paths.helpPage(topic.slug)}>{topic.title}</a>
          <p>{topic.about}</p>
        </li>
      ))}
    </ul>
  </Page>
)
