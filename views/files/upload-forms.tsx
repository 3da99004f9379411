import { paths } from '../../src/paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { controlAttrs, Field, LabelledField } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FolderPageProps } from './folder-page.tsx'
import { sizeWords } from './size.ts'

/** Its token stands before its file: it is asked before anything of the file is read. */
export const UploadForm = ({ chrome, asset, folder, form, uploadLimit }: FolderPageProps) => {
  const frame = {
    form,
    name: 'file',
    label: 'File',
    required: true,
    hint: `Up to ${sizeWords(uploadLimit)}. Nothing that is here is replaced: if the name is taken, yours gets a number.`,
  }
  return (
    <Card title="Upload" id="upload">
      <Form
        chrome={chrome}
        action={paths.filesUpload(asset.id, { path: folder })}
        attrs={{ enctype: 'multipart/form-data', 'data-upload': '', 'data-limit': uploadLimit }}
      >
        <LabelledField {...frame}>
          <div class="field-control">
            <input type="file" class="file-input" {...controlAttrs(frame)} />
          </div>
        </LabelledField>
        <div class="upload-progress" data-upload-progress hidden>
          <progress max={100} value={0} aria-label="Upload" />
          <p role="status" data-upload-words />
          <Button type="button" kind="quiet" icon="close" attrs={{ 'data-upload-cancel': '' }}>
            Cancel
          </Button>
        </div>
        <FormButtons>
          <Button kind="primary">Upload</Button>
        </FormButtons>
      </Form>
    </Card>
  )
}

export const NewFolderForm = ({ chrome, asset, folder, form }: FolderPageProps) => (
  <Card title="New folder">
    <Form chrome={chrome} action={paths.filesFolder(asset.id, { path: folder })}>
      <Field
        form={form}
        name="folder_name"
        label="Folder name"
        required
        attrs={{ autocomplete: 'off', maxlength: 255, spellcheck: 'false' }}
      />
      <FormButtons>
        <Button>New Folder</Button>
      </FormButtons>
    </Form>
  </Card>
)
